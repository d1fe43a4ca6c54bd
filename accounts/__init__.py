"""Users, sellers, memberships and roles, integrations and their keys. The lowest app: imports no other."""
