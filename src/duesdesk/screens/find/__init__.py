"""Find: a member by anything that is known of them."""
