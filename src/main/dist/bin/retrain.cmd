@echo off
rem Starts retrain on the Java of JAVA_HOME, or else of PATH.
rem RETRAIN_JAVA_OPTS: options for Java, such as -Xmx8g, spaces between them.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
"%JAVA%" --version >nul 2>nul
if errorlevel 1 (
  echo retrain: no Java 17 or later is found; install one, or set JAVA_HOME to where it is. 1>&2
  exit /b 1
)
"%JAVA%" %RETRAIN_JAVA_OPTS% -jar "%~dp0..\lib\retrain.jar" %*
exit /b %errorlevel%
