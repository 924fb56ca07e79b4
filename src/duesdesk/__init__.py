"""duesdesk: a keyboard-first desk for collecting dues, kindly and completely."""
