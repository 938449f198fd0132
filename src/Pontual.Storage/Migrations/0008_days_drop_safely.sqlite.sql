-- additive

-- On PostgreSQL the function that drops a day of the history is replaced. Here the history has no days.
