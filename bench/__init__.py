"""Speed of duesdesk on this machine, each figure beside its floor taken in the same run: `make bench`."""
