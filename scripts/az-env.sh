#!/usr/bin/env bash
# Puts the az that `npm run test:az` is pinned to into .venv-az, once. Nothing outside of this folder is touched.
set -euo pipefail
cd "$(dirname "$0")/.."
version=2.91.0
if [ -x .venv-az/bin/az ] && compgen -G ".venv-az/lib/python*/site-packages/azure_cli-$version.dist-info" >/dev/null; then exit 0; fi
python3 -c 'import ensurepip, venv' 2>/dev/null || {
  echo 'python3 with its module venv is missing (Debian: apt-get install python3-venv)' >&2
  exit 1
}
rm -rf .venv-az
python3 -m venv .venv-az
.venv-az/bin/pip install --quiet --disable-pip-version-check "azure-cli==$version"
