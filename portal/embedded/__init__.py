"""PostgreSQL and Redis of our own, from wheels, on Unix sockets under one data folder.

`Servers` starts and stops them; `places` says where they are; `hold` locks the data folder.
"""

from portal.embedded.places import Lock, Places, hold, places
from portal.embedded.process import Child
from portal.embedded.servers import Servers

__all__ = ["Child", "Lock", "Places", "Servers", "hold", "places"]
