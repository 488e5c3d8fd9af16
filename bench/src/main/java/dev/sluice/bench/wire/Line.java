package dev.sluice.bench.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * The control connection: messages in JSON, each after its length in bytes (32 bits, big endian).
 * Whatever the other end sends, no message is read that is longer than the reader allows, and none
 * is waited for longer. An interrupt closes it.
 */
final class Line implements Closeable {

  /** What a message may have once both ends know each other, bytes: policies may be long. */
  static final int LARGEST = 1 << 20;

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private final SocketChannel channel;

  /** Owns {@code channel}, which blocks. */
  Line(SocketChannel channel) {
    this.channel = channel;
  }

  void send(Object message) throws IOException {
    byte[] text = MAPPER.writeValueAsBytes(message);
    if (text.length > LARGEST) {
      throw new IOException(
          "a message of %d bytes; at most %d are taken".formatted(text.length, LARGEST));
    }
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + text.length);
    frame.putInt(text.length).put(text).flip();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  /**
   * The next message.
   *
   * @param most bytes
   * @param limit for all of it
   * @throws IOException also if it is too long, too late or no JSON of that form
   */
  <T> T receive(Class<T> type, int most, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    int length = ByteBuffer.wrap(read(Integer.BYTES, deadline)).getInt();
    if (length < 0 || length > most) {
      throw new IOException("a message of %d bytes; at most %d are taken".formatted(length, most));
    }
    try {
      return MAPPER.readValue(read(length, deadline), type);
    } catch (JacksonException e) {
      throw new IOException("a message of no form that is known: " + e.getOriginalMessage(), e);
    }
  }

  /** Each read waits for what is left of the whole: bytes one by one buy nobody more time. */
  private byte[] read(int length, long deadline) throws IOException {
    byte[] bytes = new byte[length];
    InputStream in = channel.socket().getInputStream();
    int have = 0;
    while (have < length) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no message in time");
      }
      channel.socket().setSoTimeout((int) left);
      int n = in.read(bytes, have, length - have);
      if (n < 0) {
        throw new EOFException("the other end has closed the connection");
      }
      have += n;
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
