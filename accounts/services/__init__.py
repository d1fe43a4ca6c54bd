"""The only writers of the accounts app. Import from the modules: sellers, members, keys."""
