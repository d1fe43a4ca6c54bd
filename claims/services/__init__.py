"""The only writers of claims' rows. Keyword-only; `now` is passed in; nothing here imports tasks."""
