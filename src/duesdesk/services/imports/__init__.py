"""Bringing in members, what they are charged, what they owe and paid, from CSV and XLSX: all or nothing."""
