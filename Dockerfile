# retrain in a container: docker build -t retrain .
# See docs/how-to/docker.md, also for networks and images whose source you don't know
# (--network none --read-only).

FROM debian:12.12-slim AS build
# Debian has one version of each package per release, so the base image pins them.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends maven openjdk-17-jdk-headless \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY pom.xml *.md LICENSE ./
COPY .mvn .mvn
COPY docs docs
COPY src src
RUN --mount=type=cache,target=/root/.m2 \
    mvn --batch-mode --no-transfer-progress package -DskipTests -Pdist \
    && mkdir /opt/retrain \
    && tar -xzf target/retrain-*.tar.gz -C /opt/retrain --strip-components=1

FROM debian:12.12-slim
# Headless Java, and a font for the plots. TensorFlow is in the jar and needs libstdc++.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig fonts-dejavu-core libstdc++6 openjdk-17-jre-headless \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 retrain \
    && install -d -o retrain -g retrain /work /work/data /work/tmp /work/image
COPY --from=build /opt/retrain /opt/retrain
RUN ln -s /opt/retrain/bin/retrain /usr/local/bin/retrain
# File names in any script.
ENV LC_ALL=C.UTF-8
USER 1000
WORKDIR /work
ENTRYPOINT ["retrain"]
CMD ["--help"]
