"""People: officials, user accounts, memberships, stand-ins, sessions, sign-in."""
