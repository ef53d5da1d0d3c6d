"""Runs the Python that docs/outputs.md shows, in the folder of a run, as a reader would.

    python check.py FOLDER-OF-A-RUN
"""

import os
import re
import sys
from pathlib import Path

page = Path(__file__).resolve().parents[2] / "docs" / "outputs.md"
blocks = re.findall(r"^```python (\w+)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
os.chdir(sys.argv[1])
tools = sorted({tool for tool, _ in blocks})
assert {"duckdb", "pandas", "parquet", "polars"} <= set(tools), tools
seen = {}
for tool, code in blocks:
    print(f"-- {tool}")
    exec(compile(code, f"{page.name}: {tool}", "exec"), seen)
print(f"{len(blocks)} examples run with {', '.join(tools)}")
