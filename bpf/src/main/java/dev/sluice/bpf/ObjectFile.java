package dev.sluice.bpf;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The compiled objects in the class path, by name; they never change while the program runs. */
public final class ObjectFile {

  private static final Map<String, String> HASHES = new ConcurrentHashMap<>();

  private ObjectFile() {}

  /** The content of {@code dev/sluice/bpf/NAME.bpf.o}. */
  public static byte[] read(String name) {
    try (InputStream in = ObjectFile.class.getResourceAsStream(name + ".bpf.o")) {
      if (in == null) {
        throw new SluiceException(Category.INTERNAL, "there is no BPF object " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new SluiceException(
          Category.INTERNAL, "cannot read BPF object " + name + ": " + e.getMessage(), e);
    }
  }

  /** A hash of that content. */
  public static String hash(String name) {
    return HASHES.computeIfAbsent(name, ObjectFile::compute);
  }

  private static String compute(String name) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(read(name)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
