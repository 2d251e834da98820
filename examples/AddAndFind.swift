// Adds a picture, issues a query token, and finds the picture with it, as a phone does. Usage: swift AddAndFind.swift PICTURE.jpg
//
// Swift 5.7 or newer, nothing to install; in an app, only the part of the phone belongs.

import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

struct Answer: Decodable {
  let returncode: Int
  let message: String
  let requestid: String
  let level: Int?
  let token: String?
  let identifier: String?
  let metadata: String?
  let score: Double?
  /// Four [x, y] in 0–1 of the upright photo, clockwise from the picture's own top left.
  let corners: [[Double]]?
}

struct Refused: Error, CustomStringConvertible {
  let description: String
}

let environment = ProcessInfo.processInfo.environment
let host = environment["LOOKMARK_HOST"] ?? "http://127.0.0.1:8787"
let account = [
  "username": environment["LOOKMARK_USERNAME"] ?? "demo",
  "secretkey": environment["LOOKMARK_SECRETKEY"] ?? "demo",
  "channel": environment["LOOKMARK_CHANNEL"] ?? "demo",
]

/// Posts fields and picture as multipart/form-data. Throws where the returncode is not 0: HTTP status is 200 for refusals, too.
func call(_ endpoint: String, _ fields: [String: String], image: Data? = nil) throws -> Answer {
  let boundary = UUID().uuidString
  var body = Data()
  for (name, value) in fields {
    body.append(Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8))
  }
  if let image {
    body.append(Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"image\"; filename=\"image\"\r\n\r\n".utf8))
    body.append(image)
    body.append(Data("\r\n".utf8))
  }
  body.append(Data("--\(boundary)--\r\n".utf8))
  var request = URLRequest(url: URL(string: "\(host)/\(endpoint)")!, timeoutInterval: 60)
  request.httpMethod = "POST"
  request.setValue("multipart/form-data; boundary=\(boundary)", forHTTPHeaderField: "Content-Type")
  request.httpBody = body

  // A script may wait; an app takes `await URLSession.shared.data(for: request)`.
  let done = DispatchSemaphore(value: 0)
  var result: Result<Data, Error> = .failure(Refused(description: "no answer"))
  URLSession.shared.dataTask(with: request) { data, _, error in
    if let data { result = .success(data) } else if let error { result = .failure(error) }
    done.signal()
  }.resume()
  done.wait()
  let answer = try JSONDecoder().decode(Answer.self, from: result.get())
  guard answer.returncode == 0 else {
    throw Refused(description: "\(endpoint): \(answer.returncode) \(answer.message) (requestid \(answer.requestid))")
  }
  return answer
}

let picture = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))

// On your server, which holds the secret key:
let image = ["identifier": "example.swift", "metadata": #"{"title":"My first"}"#]
let added = try call("AddImage", account.merging(image) { $1 }, image: picture)
print("added example.swift, level \(added.level ?? 0) of 5")
let token = try call("IssueToken", account.merging(["ttl": "600"]) { $1 }).token ?? ""

// On the phone, which must never hold it:
let found = try call("FindImage", ["token": token], image: picture)
if let identifier = found.identifier {
  print("found \(identifier), score \(found.score ?? 0), corners \(found.corners ?? [])")
} else {
  print("nothing found")
}
