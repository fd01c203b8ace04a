#!/bin/sh
# Writes .readme/terminal.png: a file is made a project, and the project is run. The program must be built
# (cargo build --release), and Chromium installed (sh .ci/setup browser).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
elt=${ELT:-$here/../target/release/elt}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
cat >orders.csv <<'CSV'
Order ID;Customer;Amount;Ordered on
1;Ann;19,90;05.01.2026
2;"Zoe; of course";n/a;06.01.2026
3;Ben;1.005,00;14.01.2026
4;Ben;7,45;01.02.2026;late
CSV
export ELT_HOME="$folder/home"
{
    for command in 'cat orders.csv' 'elt init shop --from orders.csv' 'elt --project shop run --out out' \
        'cat out/orders.csv'; do
        echo "\$ $command"
        case $command in
        elt*) "$elt" ${command#elt } 2>&1 || true ;;
        *) $command ;;
        esac
        echo
    done
} >said
"$elt" db stop --quiet >said.stop 2>&1 || cat said.stop >&2
python3 - said page.html size <<'PYTHON'
import html, sys
lines = open(sys.argv[1]).read().rstrip().split("\n")
shown = "\n".join(f"<b>{html.escape(line)}</b>" if line.startswith("$ ") else html.escape(line) for line in lines)
open(sys.argv[2], "w").write(
    "<meta charset=utf-8><style>body{margin:0;background:#16181d}"
    "pre{margin:0;padding:20px;font:14px/20px 'DejaVu Sans Mono',monospace;color:#d6d9e0}b{color:#8fd18f}</style>"
    f"<pre>{shown}</pre>")
open(sys.argv[3], "w").write(f"{int(max(map(len, lines)) * 8.5) + 50},{len(lines) * 20 + 40}")
PYTHON
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$folder/browser" \
    --window-size="$(cat size)" --screenshot="$here/terminal.png" "file://$folder/page.html" >browser.log 2>&1 ||
    { cat browser.log >&2; exit 1; }
