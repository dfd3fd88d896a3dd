# Read by the programs beside it. Sets node to a Node.js that is new enough: that of this checkout, the one installed beside the package, or the one on the PATH.
node=
for candidate in "$root/node_modules/node/bin/node" "$root/../node/bin/node"; do
  [ -x "$candidate" ] && node=$candidate && break
done
if [ -z "$node" ]; then
  found=$(command -v node) || {
    echo "${0##*/}: Node.js 24 or later is needed, and there is none on the PATH ($PATH). Install it, or in a checkout run: npm ci" >&2
    exit 1
  }
  version=$("$found" --version)
  major=${version#v}
  if [ "${major%%.*}" -lt 24 ]; then
    echo "${0##*/}: Node.js 24 or later is needed, and $found is $version" >&2
    exit 1
  fi
  node=$found
fi
