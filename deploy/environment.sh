# Sourced by bootstrap and lock: nothing that the caller has set leads Python, pip or uv astray.
unset PYTHONHOME PYTHONPATH VIRTUAL_ENV CONDA_PREFIX UV_PROJECT_ENVIRONMENT
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# A downloaded Python would be one more thing to trust, and the system's certificates are the ones that work here.
export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1
# The shared cache makes the next clone quick; where there is no home to write to, the clone has one of its own.
cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
if ! { [ -n "$cache" ] && mkdir -p "$cache/uv" && : >"$cache/uv/.writable"; } 2>/dev/null; then
    export UV_CACHE_DIR="$PWD/.tools/cache" PIP_NO_CACHE_DIR=1
fi
