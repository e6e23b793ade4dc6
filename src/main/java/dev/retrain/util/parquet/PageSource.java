package dev.retrain.util.parquet;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/** Reads the pages of a column of a row group, one after the other, and decompresses them. */
final class PageSource implements PageReader {
  /** In bytes; a page is usually 1 MB. A header that says more is an error or an attack. */
  private static final int MAX_PAGE = 1 << 28;

  private final CompressionCodec codec;
  private final long values;
  private final InputStream in;
  private Page next;
  private long read;

  /** The bytes of a page with its header. */
  private record Page(PageHeader header, ByteBuffer bytes) {}

  /**
   * @param chunk what the file's metadata say about the column
   * @param in the bytes of its pages
   */
  PageSource(ColumnMetaData chunk, InputStream in) {
    codec = chunk.getCodec();
    values = chunk.getNum_values();
    this.in = new BufferedInputStream(in);
  }

  @Override
  public long getTotalValueCount() {
    return values;
  }

  @Override
  public DictionaryPage readDictionaryPage() {
    try {
      if (peek().header().getType() != PageType.DICTIONARY_PAGE) {
        return null;
      }
      Page page = take();
      byte[] bytes =
          Compression.decompress(codec, page.bytes(), page.header().getUncompressed_page_size());
      int entries = page.header().getDictionary_page_header().getNum_values();
      if (entries < 0 || entries > bytes.length) {
        throw new IOException(
            String.format(Locale.ROOT, "a dictionary of %,d values is too large", entries));
      }
      return new DictionaryPage(BytesInput.from(bytes), entries, Encoding.PLAIN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public DataPage readPage() {
    try {
      for (Page page = take(); ; page = take()) {
        PageHeader header = page.header();
        DataPage data = null;
        if (header.isSetData_page_header()) {
          data = page(page, header.getData_page_header());
        } else if (header.isSetData_page_header_v2()) {
          data = page(page, header.getData_page_header_v2());
        }
        if (data != null && data.getValueCount() != 0) {
          read += data.getValueCount();
          if (data.getValueCount() < 0 || read > values) {
            throw new IOException("its pages have more values than its metadata say");
          }
          return data;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DataPage page(Page page, DataPageHeader header) throws IOException {
    int size = page.header().getUncompressed_page_size();
    return new DataPageV1(
        BytesInput.from(Compression.decompress(codec, page.bytes(), size)),
        header.getNum_values(),
        size,
        null,
        encoding(header.getRepetition_level_encoding()),
        encoding(header.getDefinition_level_encoding()),
        encoding(header.getEncoding()));
  }

  /** In this version, the levels are not compressed. */
  private DataPage page(Page page, DataPageHeaderV2 header) throws IOException {
    int repetitions = header.getRepetition_levels_byte_length();
    int definitions = header.getDefinition_levels_byte_length();
    int levels = Math.addExact(repetitions, definitions);
    ByteBuffer bytes = page.bytes();
    boolean compressed = !header.isSetIs_compressed() || header.isIs_compressed();
    byte[] data =
        Compression.decompress(
            compressed ? codec : CompressionCodec.UNCOMPRESSED,
            bytes.slice(levels, bytes.remaining() - levels),
            page.header().getUncompressed_page_size() - levels);
    return DataPageV2.uncompressed(
        header.getNum_rows(),
        header.getNum_nulls(),
        header.getNum_values(),
        BytesInput.from(bytes.slice(0, repetitions)),
        BytesInput.from(bytes.slice(repetitions, definitions)),
        encoding(header.getEncoding()),
        BytesInput.from(data),
        null);
  }

  private static Encoding encoding(org.apache.parquet.format.Encoding encoding) {
    return Encoding.valueOf(encoding.name());
  }

  private Page take() throws IOException {
    Page page = peek();
    next = null;
    return page;
  }

  private Page peek() throws IOException {
    if (next == null) {
      PageHeader header = readHeader();
      int length = header.getCompressed_page_size();
      int size = header.getUncompressed_page_size();
      if (length < 0 || size < 0 || Math.max(length, size) > MAX_PAGE) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "the header of a page says %,d bytes, %,d of them compressed",
                size,
                length));
      }
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("its last page is cut off");
      }
      check(header, bytes);
      next = new Page(header, ByteBuffer.wrap(bytes));
    }
    return next;
  }

  private PageHeader readHeader() throws IOException {
    try {
      return Util.readPageHeader(in);
    } catch (IOException | RuntimeException e) {
      throw new IOException("the header of a page can't be read", e);
    }
  }

  private static void check(PageHeader header, byte[] bytes) throws IOException {
    if (header.isSetCrc()) {
      CRC32 crc = new CRC32();
      crc.update(bytes);
      if ((int) crc.getValue() != header.getCrc()) {
        throw new IOException("the checksum of a page is wrong");
      }
    }
  }
}
