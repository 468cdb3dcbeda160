#!/bin/sh
# Installs the policy assistant from this folder, without any network: sh install.sh [WHERE], default ./policy-assistant.
# Needs Python of the version that the bundle was made for, and its venv module. A second run upgrades.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
where=${1:-./policy-assistant}
python=${PYTHON:-python3}

wanted=$(cat "$here/PYTHON")
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if [ "$found" != "$wanted" ]; then
  echo "错误：安装包适用于 Python $wanted，这里的 $python 是 $found。可用 PYTHON=python$wanted sh install.sh 指定。" >&2
  exit 1
fi
case $(uname -m) in
  x86_64 | amd64) machine=x86_64 ;;
  aarch64 | arm64) machine=aarch64 ;;
  *) echo "错误：安装包没有适合 $(uname -m) 的文件。" >&2; exit 1 ;;
esac
if [ ! -d "$here/wheels/$machine" ]; then
  echo "错误：安装包中没有 $machine 的文件，请换一个安装包。" >&2
  exit 1
fi

echo "核对文件……"
(cd "$here" && sha256sum --quiet -c SHA256SUMS) || { echo "错误：安装包不完整或被改动，没有安装。" >&2; exit 1; }

[ -x "$where/bin/python" ] || "$python" -m venv "$where"
echo "安装到 $where ……"
"$where/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --require-hashes \
  --find-links "$here/wheels/$machine" --find-links "$here/wheels/any" -r "$here/requirements-$machine.txt"
mkdir -p "$where/docs"
cp -R "$here/docs/." "$where/docs/"
echo "已安装：$("$where/bin/assistant" --version)"
echo "下一步：$where/bin/ingest run 文件目录 && $where/bin/assistant serve（见 $where/docs/operations.md）"
