FROM maven:3.9.11-eclipse-temurin-17-noble AS build
WORKDIR /source
COPY pom.xml ./
COPY src ./src
RUN mvn --batch-mode --no-transfer-progress package -DskipTests

# Ubuntu with Java, and with the fonts that plots need.
FROM eclipse-temurin:17.0.17_10-jre-noble
COPY --from=build /source/target/retrain.jar /opt/retrain/retrain.jar
ENV JAVA_TOOL_OPTIONS="-Dorg.bytedeco.javacpp.cachedir=/opt/retrain/natives -XX:TieredStopAtLevel=1"
# Unpacks TensorFlow's library once, and tells whether all works; any user may run it then.
WORKDIR /tmp/try
RUN java -jar /opt/retrain/retrain.jar quickstart --quiet \
    && rm -rf /tmp/try/* \
    && chmod -R a+rwX /opt/retrain/natives
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["java", "-jar", "/opt/retrain/retrain.jar"]
CMD ["--help"]
