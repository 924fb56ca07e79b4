"""CRM Daily: who comes, in order of time, and who of them owes."""
