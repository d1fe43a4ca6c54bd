"""The API as a desk: pages on which an agent does everything by clicking and typing."""
