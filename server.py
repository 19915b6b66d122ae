"""For the labs' ``gunicorn -b 0.0.0.0:5000 --workers 1 --threads 100 server:app``: HTTP alone.

The live connection needs ``make run``; without it the page works and does not keep itself up to date.
"""

import logging

from twidder import create_app

logging.getLogger("twidder").warning("HTTP only: what keeps pages up to date runs with `make run`.")
app = create_app()
