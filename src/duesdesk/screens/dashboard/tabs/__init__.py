"""The further tabs of the Dashboard; each is imported when it is first shown (start-up)."""
