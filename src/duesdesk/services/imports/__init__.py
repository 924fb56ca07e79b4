"""Bringing in members, invoices, payments, credits, bookings and receivables from CSV and XLSX, all or nothing."""
