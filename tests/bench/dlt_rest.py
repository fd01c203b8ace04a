"""dlt's REST source, as its documentation sets it up: pages of rest.rs into PostgreSQL.

python3 -m venv /tmp/dlt && /tmp/dlt/bin/pip install 'dlt[postgres]'
ELT_BENCH_PYTHON=/tmp/dlt/bin/python cargo bench --bench rest
"""

import os
import sys
import tempfile
import time

import dlt
import requests
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator
from dlt.sources.rest_api import rest_api_source

api, database, page_size = sys.argv[1:]
who = {
    "username": os.environ["ELT_REST_APPOINTMENTS_USERNAME"],
    "password": os.environ["ELT_REST_APPOINTMENTS_PASSWORD"],
}
begun = time.monotonic()
token = requests.post(f"{api}/api-token-auth", json=who).json()["token"]
source = rest_api_source(
    {
        "client": {
            "base_url": api,
            "headers": {"Authorization": f"Token {token}", "content-type": "application/json"},
            "paginator": JSONLinkPaginator(next_url_path="next"),
        },
        "resources": [
            {
                "name": "rest_appointments",
                "endpoint": {
                    "path": "appointments/",
                    "params": {"page_size": int(page_size)},
                    "data_selector": "results",
                },
                "write_disposition": "replace",
            }
        ],
    }
)
with tempfile.TemporaryDirectory() as folder:
    pipeline = dlt.pipeline(
        pipeline_name="bench",
        pipelines_dir=folder,
        destination=dlt.destinations.postgres(database),
        dataset_name="dlt_bench",
    )
    pipeline.run(source)
    with pipeline.sql_client() as client:
        rows = client.execute_sql("select count(*) from rest_appointments")[0][0]
print(rows, time.monotonic() - begun)
