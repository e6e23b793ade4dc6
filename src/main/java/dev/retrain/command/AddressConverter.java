package dev.retrain.command;

import dev.retrain.fetch.PublishedFile;
import java.net.URI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes addresses that a file can be fetched from. */
final class AddressConverter implements ITypeConverter<URI> {
  @Override
  public URI convert(String text) {
    try {
      return PublishedFile.address(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
