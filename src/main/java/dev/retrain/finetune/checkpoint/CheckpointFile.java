package dev.retrain.finetune.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.IoReason;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * Writes and reads checkpoints.
 *
 * <p>Format: the 8 bytes {@code retrainC}; the version and the header's length as 32-bit integers,
 * most significant byte first; the header, JSON in UTF-8, with the names and lengths of the
 * tensors; the tensors' values one after another as 32-bit floats, least significant byte first;
 * the CRC-32C of everything before as a 64-bit integer.
 */
public final class CheckpointFile {
  private static final byte[] MAGIC = "retrainC".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;

  /** Values that are copied at once. */
  private static final int CHUNK = 1 << 16;

  private static final int MAX_HEADER = 1 << 26;

  private CheckpointFile() {}

  /**
   * Writes a checkpoint; an existing one is replaced by a complete one or not at all.
   *
   * @throws IOException if that fails
   */
  public static void write(Path file, CheckpointHeader header, List<CheckpointTensor> tensors)
      throws IOException {
    AtomicFile.write(
        file,
        stream -> {
          CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32C());
          DataOutputStream out = new DataOutputStream(checked);
          byte[] json = Json.mapper().writeValueAsBytes(json(header, tensors));
          out.write(MAGIC);
          out.writeInt(VERSION);
          out.writeInt(json.length);
          out.write(json);
          for (CheckpointTensor tensor : tensors) {
            write(out, tensor);
          }
          out.writeLong(checked.getChecksum().getValue());
          out.flush();
        });
  }

  private static ObjectNode json(CheckpointHeader header, List<CheckpointTensor> tensors) {
    ObjectNode json = Json.mapper().createObjectNode();
    ObjectNode identity = json.putObject("identity");
    header.identity().forEach(identity::put);
    json.put("step", header.step());
    json.set("state", header.state());
    ArrayNode list = json.putArray("tensors");
    tensors.forEach(
        tensor -> list.addObject().put("name", tensor.name()).put("length", tensor.length()));
    return json;
  }

  private static void write(DataOutputStream out, CheckpointTensor tensor) throws IOException {
    float[] values = new float[Math.min(CHUNK, tensor.length())];
    byte[] bytes = new byte[values.length * Float.BYTES];
    FloatBuffer floats = floats(bytes);
    for (int from = 0; from < tensor.length(); from += values.length) {
      int count = Math.min(values.length, tensor.length() - from);
      tensor.values().copy(from, values, count);
      floats.clear().put(values, 0, count);
      out.write(bytes, 0, count * Float.BYTES);
    }
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /**
   * Reads a checkpoint.
   *
   * @throws RetrainException if the file is no checkpoint, damaged, or of a later version
   */
  public static Checkpoint read(Path file) {
    try (CheckedInputStream checked =
            new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(file), CHUNK), new CRC32C());
        DataInputStream in = new DataInputStream(checked)) {
      checkStart(file, in);
      int length = in.readInt();
      if (length < 0 || length > MAX_HEADER) {
        throw damaged(file);
      }
      JsonNode json = Json.mapper().readTree(in.readNBytes(length));
      Map<String, float[]> tensors = readTensors(file, in, json.path("tensors"));
      long sum = checked.getChecksum().getValue();
      if (in.readLong() != sum || in.read() >= 0) {
        throw damaged(file);
      }
      return new Checkpoint(file, header(json), tensors);
    } catch (EOFException | JsonProcessingException e) {
      throw damaged(file);
    } catch (IOException e) {
      throw new RetrainException(e, "%s can't be read: %s.", file, IoReason.of(e));
    }
  }

  private static void checkStart(Path file, DataInputStream in) throws IOException {
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw new RetrainException(
          "%s is not a fine-tuning checkpoint. Delete or move the file to start again.", file);
    }
    int version = in.readInt();
    if (version != VERSION) {
      throw new RetrainException(
          "%s is a checkpoint in format %d, but this version reads format %d. Resume with the"
              + " version that wrote it, or delete the file to start again.",
          file, version, VERSION);
    }
  }

  private static Map<String, float[]> readTensors(Path file, DataInputStream in, JsonNode list)
      throws IOException {
    long remaining = Files.size(file);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (JsonNode entry : list) {
      int length = entry.path("length").asInt(-1);
      // A damaged length must not exhaust the memory: the checksum comes last.
      if (length < 0 || (long) length * Float.BYTES > remaining) {
        throw damaged(file);
      }
      remaining -= (long) length * Float.BYTES;
      float[] values = new float[length];
      byte[] bytes = new byte[Math.min(CHUNK, length) * Float.BYTES];
      FloatBuffer floats = floats(bytes);
      for (int from = 0; from < length; from += CHUNK) {
        int count = Math.min(CHUNK, length - from);
        in.readFully(bytes, 0, count * Float.BYTES);
        floats.clear().get(values, from, count);
      }
      tensors.put(entry.path("name").asText(), values);
    }
    return tensors;
  }

  private static CheckpointHeader header(JsonNode json) {
    Map<String, String> identity = new LinkedHashMap<>();
    json.path("identity")
        .properties()
        .forEach(entry -> identity.put(entry.getKey(), entry.getValue().asText()));
    return new CheckpointHeader(identity, json.path("step").asInt(), json.path("state"));
  }

  private static RetrainException damaged(Path file) {
    return new RetrainException(
        "%s is damaged: its content does not match its checksum. Delete the file to start again.",
        file);
  }
}
