package dev.retrain.cli.option;

import dev.retrain.fetch.RemoteFile;
import java.net.URI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Accepts the URLs that files can be downloaded from. */
public final class UriConverter implements ITypeConverter<URI> {
  @Override
  public URI convert(String text) {
    try {
      return RemoteFile.parseAddress(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
