import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Adds a picture, issues a query token, and finds the picture with it, as a phone does. Usage: java AddAndFind.java PICTURE.jpg
 *
 * <p>Java 17 or newer, nothing to install. On Android take OkHttp and a JSON library in place of HttpClient and Pattern.
 */
public class AddAndFind {
  private static final String HOST = setting("LOOKMARK_HOST", "http://127.0.0.1:8787");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  public static void main(String[] args) throws Exception {
    byte[] picture = Files.readAllBytes(Path.of(args[0]));
    Map<String, String> account = new LinkedHashMap<>();
    account.put("username", setting("LOOKMARK_USERNAME", "demo"));
    account.put("secretkey", setting("LOOKMARK_SECRETKEY", "demo"));
    account.put("channel", setting("LOOKMARK_CHANNEL", "demo"));

    // On your server, which holds the secret key:
    Map<String, String> image = new LinkedHashMap<>(account);
    image.put("identifier", "example.java");
    image.put("metadata", "{\"title\":\"My first\"}");
    String added = call("AddImage", image, picture);
    System.out.println("added example.java, level " + field(added, "level") + " of 5");
    account.put("ttl", "600");
    String token = field(call("IssueToken", account, null), "token");

    // On the phone, which must never hold it:
    String found = call("FindImage", Map.of("token", token), picture);
    String identifier = field(found, "identifier");
    System.out.println(identifier == null ? "nothing found" : "found " + identifier + ", score " + field(found, "score"));
  }

  /** Posts fields and picture as multipart/form-data. Throws where the returncode is not 0: HTTP status is 200 for refusals, too. */
  private static String call(String endpoint, Map<String, String> fields, byte[] picture) throws IOException, InterruptedException {
    String boundary = UUID.randomUUID().toString();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Map.Entry<String, String> entry : fields.entrySet()) {
      body.writeBytes(head(boundary, "name=\"" + entry.getKey() + "\""));
      body.writeBytes((entry.getValue() + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
    if (picture != null) {
      body.writeBytes(head(boundary, "name=\"image\"; filename=\"image\""));
      body.writeBytes(picture);
      body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    HttpRequest request = HttpRequest.newBuilder(URI.create(HOST + "/" + endpoint))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
        .build();
    String answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
    if ("0".equals(field(answer, "returncode"))) return answer;
    throw new IOException(endpoint + ": " + answer);
  }

  private static byte[] head(String boundary, String names) {
    return ("--" + boundary + "\r\nContent-Disposition: form-data; " + names + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
  }

  /** A number, or a text without escapes; null where the answer has none of that name. Java has no JSON of its own. */
  private static String field(String answer, String name) {
    var matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]+)").matcher(answer);
    return matcher.find() ? matcher.group(1) : null;
  }

  private static String setting(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }
}
