@echo off
rem Runs retrain on Windows: retrain.jar beside this script, or the one RETRAIN_JAR names.
setlocal
if not defined RETRAIN_JAR set "RETRAIN_JAR=%~dp0retrain.jar"
if not exist "%RETRAIN_JAR%" (
  echo retrain: There is no %RETRAIN_JAR%; build it with 'mvn package', or name it in RETRAIN_JAR. 1>&2
  exit /b 1
)
set "RETRAIN_JAVA=java"
if defined JAVA_HOME set "RETRAIN_JAVA=%JAVA_HOME%\bin\java"
"%RETRAIN_JAVA%" -XX:TieredStopAtLevel=1 %RETRAIN_JAVA_OPTS% -jar "%RETRAIN_JAR%" %*
