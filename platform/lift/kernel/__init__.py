"""What every part of the product stands on: settings, database, clock, identifiers, errors, jobs, logging."""
