@echo off
rem Runs retrain with the Java of JAVA_HOME, or else the one on the PATH.
rem RETRAIN_JAVA_OPTS: options for Java, such as -Xmx8g, separated by spaces.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
"%JAVA%" --version >nul 2>nul
if errorlevel 1 (
  echo retrain: Java 17 or later was not found. Install it, or set JAVA_HOME to its directory. 1>&2
  exit /b 1
)
"%JAVA%" %RETRAIN_JAVA_OPTS% -jar "%~dp0..\lib\retrain.jar" %*
exit /b %errorlevel%
