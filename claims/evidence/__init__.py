"""What is known of a claim: collectors that look, a checklist that asks, and the content of a bundle."""
