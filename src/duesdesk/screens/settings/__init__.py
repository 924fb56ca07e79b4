"""Settings: what the centre and this machine were told, the modules, and who stands at the desk."""
