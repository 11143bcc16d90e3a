"""Everything that runs a portal: servers, migrations, web, worker, supervision."""
