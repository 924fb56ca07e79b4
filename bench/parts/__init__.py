"""What is measured, a file each: `measure(run)` gives its figures."""
