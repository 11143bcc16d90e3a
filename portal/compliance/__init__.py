"""The compliance service: dated law as data, small pure rules, one engine. No clock."""
