package dev.sluice.cli.command;

import dev.sluice.core.error.IoReason;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The text of a file that a command line names: a topology, or the results of a comparison.
 *
 * @param name what faults call it
 */
record InputFile(String name, String text) {

  private static final String STDIN = "-";
  private static final int LARGEST = 64 << 20;

  /** Reads the file of that name, or {@code stdin} if the name is "-". Bad input, if it cannot. */
  static InputFile read(String file, InputStream stdin) {
    if (file.equals(STDIN)) {
      return read("stdin", () -> stdin);
    }
    return read(file, () -> Files.newInputStream(Path.of(file)));
  }

  private interface Source {
    InputStream open() throws IOException;
  }

  private static InputFile read(String name, Source source) {
    try (InputStream in = source.open()) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw bad(name, "larger than " + (LARGEST >> 20) + " MiB");
      }
      return new InputFile(
          name, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw bad(name, "is not UTF-8 text");
    } catch (NoSuchFileException | InvalidPathException e) {
      throw bad(name, "there is no such file");
    } catch (AccessDeniedException e) {
      throw bad(name, "may not be read");
    } catch (IOException e) {
      throw bad(name, "cannot be read: " + IoReason.of(e));
    }
  }

  private static SluiceException bad(String name, String why) {
    return new SluiceException(Category.USER, name + ": " + why);
  }
}
