#!/usr/bin/env bash
# Gets the libraries that draw the report's charts, from npm, in the versions below: `bash assets/vega/get.sh`.
# What it writes is in the repository, so that building needs neither npm nor a network. Run it to take newer versions.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
vega=6.4.0 lite=6.4.3 embed=7.3.0

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work" "vega@$vega" "vega-lite@$lite" "vega-embed@$embed"
modules="$work/node_modules"
for file in vega/build/vega.min.js vega-lite/build/vega-lite.min.js vega-embed/build/vega-embed.min.js; do
    # Maps of the source lie beside the file on npm, and nowhere in a report.
    sed '/^\/\/# sourceMappingURL=/d' "$modules/$file" > "$(basename "$file")"
done

# The files hold parts of what they depend on: the licences of all of it.
{
    echo "Vega $vega, Vega-Lite $lite and Vega-Embed $embed hold parts of these packages, under these licences."
    find "$modules" -mindepth 2 -maxdepth 3 -iname 'licen[sc]e*' -type f | sort | while read -r licence; do
        package="$(dirname "${licence#"$modules/"}")"
        case "$package" in .bin* | @types* | cliui | yargs* | y18n | escalade | get-caller-file | string-width | wrap-ansi | strip-ansi | ansi-* | emoji-regex | get-east-asian-width | commander | iconv-lite | safer-buffer | rw) continue ;; esac
        printf '\n==== %s %s\n\n' "$package" "$(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$modules/$package/package.json" | head -n1)"
        tr -d '\r' < "$licence"
    done
} > LICENCES.txt
