#!/bin/sh
# Gets the font's files again from Debian's package and checks that they are the same.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
apt-get download fonts-liberation2
dpkg-deb -x fonts-liberation2_*.deb .
cp usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf usr/share/fonts/truetype/liberation2/LiberationSans-Bold.ttf "$here"
cd "$here"
sha256sum -c <<SUMS
ba0e0dc3f7aca5b0afbc31e800531ee43be3aa79ae35b2ef1f6470a9547765c4  LiberationSans-Bold.ttf
8d91388f1d3604b3b8ae0e3ee2d140e50cd6122f9214514f4aca772540a4076d  LiberationSans-Regular.ttf
SUMS
