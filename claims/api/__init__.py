"""The HTTP side of claims: thin views over services and selectors, and the shapes they take and give."""
