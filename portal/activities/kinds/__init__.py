"""One folder a kind of activity: model, forms, facts, workflow, templates."""
