"""The product's side of billing: its e-mails, its rounds on a schedule, what pages show, the operator's board."""
