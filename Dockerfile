# The workflow with all its software, for machines without Python or a package manager.
#   docker build -t confaug .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/study" confaug --cores 2
# The folder mounted on /study is the working directory: tables are read and results written there.
# The presets are in /opt/confaug/config; anything after the image's name is passed to snakemake.
FROM debian:bookworm-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-venv libgomp1 libxrender1 libxext6 \
    && rm -rf /var/lib/apt/lists/*

# Apart from the code, so that packages are installed anew only when the lock changes.
COPY requirements.txt /opt/confaug/
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /opt/confaug/requirements.txt

COPY . /opt/confaug

# A user given by number has neither a home nor a name; caches need the one, snakemake the other.
ENV PATH=/opt/venv/bin:$PATH HOME=/tmp USER=confaug
WORKDIR /study
ENTRYPOINT ["snakemake", "--snakefile", "/opt/confaug/Snakefile"]
CMD ["--cores", "all"]
