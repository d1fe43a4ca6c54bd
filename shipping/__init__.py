"""Shipments, tracking snapshots and events, and what they prove about a delivery. Knows no claims."""
