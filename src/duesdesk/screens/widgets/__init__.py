"""Our drawn widgets. Import each from its own file: `from duesdesk.screens.widgets.field import Field`."""
