package dev.sluice.cli.command;

import dev.sluice.core.address.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads "127.0.0.1:9464" and "[::1]:9464". No names: nothing is looked up. */
final class ListenAddress implements ITypeConverter<InetSocketAddress> {

  private static final Pattern FORM =
      Pattern.compile("(?:\\[(?<v6>[0-9A-Fa-f:.]+)]|(?<v4>[0-9.]+)):(?<port>[0-9]{1,5})");
  private static final int LAST_PORT = 65535;

  @Override
  public InetSocketAddress convert(String text) throws UnknownHostException {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group("port")) > LAST_PORT) {
      throw wrong(text);
    }
    String host = form.group("v4") == null ? form.group("v6") : form.group("v4");
    try {
      IpAddress.parse(host);
    } catch (IllegalArgumentException e) {
      throw wrong(text);
    }
    return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(form.group("port")));
  }

  private static TypeConversionException wrong(String text) {
    return new TypeConversionException(
        "'" + text + "' is no address with a port; give one like 127.0.0.1:9464 or [::1]:9464");
  }
}
