# One image, three commands: `reminders api`, `reminders worker` (or `arq worker.WorkerSettings`), `reminders migrate`.

FROM python:3.13-slim AS packages
COPY requirements/run.txt /tmp/run.txt
# Only wheels: what must be compiled would need a compiler here and run code of strangers.
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: \
      --require-hashes -r /tmp/run.txt \
 && /venv/bin/pip uninstall --yes pip

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin reminders
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# Compiled now, because the root file system may be read-only later; the command is the console script of pyproject.toml.
RUN printf '#!/venv/bin/python\nimport sys\n\nfrom cli.main import main\n\nsys.exit(main())\n' >/venv/bin/reminders \
 && chmod 755 /venv/bin/reminders \
 && python -m compileall -q /app
# arq appends the working directory to the path; set here, ours comes first.
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ENVIRONMENT=production
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["reminders", "api", "--host", "0.0.0.0", "--port", "8000"]
