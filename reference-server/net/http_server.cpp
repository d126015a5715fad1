#include "reference-server/net/http_server.h"

#include <fmt/format.h>
#include <pthread.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <map>
#include <optional>
#include <thread>

#include "reference-server/net/process_usage.h"
#include "reference-server/net/status_text.h"

namespace claims::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Error = boost::system::error_code;

struct HttpServer::Impl {
  std::size_t sessions = 0;  // Before the context: sessions that go with it still count down.
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer retry{context};
  SocketAddress address;
  Ask ask;
  std::uint64_t last_request = 0;
  std::map<std::uint64_t, std::shared_ptr<Session>> waiting;  // For the main loop's answer.
  std::thread thread;

  void accept();
};

/// One connection; everything happens on the HTTP thread.
class HttpServer::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Impl& server) : stream_(std::move(socket)), server_(server) {
    ++server_.sessions;
  }
  ~Session() { --server_.sessions; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void read() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(kBodyBytesMax);
    stream_.expires_after(kIdleTime);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](Error error, std::size_t) { self->have_read(error); });
  }

  void answered(const ServerSnapshot& snapshot) {
    timer_.cancel();
    if (metrics_) {
      respond(http::status::ok, "text/plain; version=0.0.4; charset=utf-8",
              metrics_text(snapshot, read_process_usage()));
      return;
    }
    respond(snapshot.serving ? http::status::ok : http::status::service_unavailable, kJson,
            health_json(snapshot));
  }

 private:
  static constexpr std::string_view kJson = "application/json; charset=utf-8";
  static constexpr std::string_view kPlain = "text/plain; charset=utf-8";

  void have_read(Error error) {
    if (error == http::error::header_limit) {
      refuse(http::status::request_header_fields_too_large, "header too large\n");
    } else if (error == http::error::body_limit) {
      refuse(http::status::payload_too_large, "body too large\n");
    } else if (error.category() == make_error_code(http::error::end_of_stream).category() &&
               error != http::error::end_of_stream && error != http::error::partial_message) {
      refuse(http::status::bad_request, "not HTTP\n");
    } else if (!error) {
      route();
    }  // Else it timed out or went away: the last owner of the session lets go here.
  }

  void route() {
    const auto& request = parser_->get();
    const beast::string_view target = request.target();
    metrics_ = target == "/metrics";
    if (!metrics_ && target != "/healthz") {
      respond(http::status::not_found, kPlain, "not found\n");
    } else if (request.method() != http::verb::get) {
      respond(http::status::method_not_allowed, kPlain, "only GET\n");
    } else {
      ask();
    }
  }

  void ask() {
    const std::uint64_t number = ++server_.last_request;
    server_.waiting.emplace(number, shared_from_this());
    timer_.expires_after(kAnswerTime);
    timer_.async_wait([self = shared_from_this(), number](Error error) {
      if (error || self->server_.waiting.erase(number) == 0) return;
      self->respond(http::status::service_unavailable, kJson,
                    unhealthy_json("the main loop does not answer"));
    });
    server_.ask(number);
  }

  void refuse(http::status status, std::string_view text) {
    close_ = true;
    respond(status, kPlain, std::string(text));
  }

  void respond(http::status status, std::string_view type, std::string body) {
    const auto& request = parser_->get();
    response_ = {};
    response_.result(status);
    response_.version(11);
    response_.set(http::field::content_type, beast::string_view(type.data(), type.size()));
    response_.set(http::field::cache_control, "no-store");
    response_.set("X-Content-Type-Options", "nosniff");
    response_.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    response_.set("Referrer-Policy", "no-referrer");
    if (status == http::status::method_not_allowed) response_.set(http::field::allow, "GET");
    response_.keep_alive(!close_ && request.keep_alive());
    response_.body() = std::move(body);
    response_.prepare_payload();
    stream_.expires_after(kIdleTime);
    http::async_write(stream_, response_, [self = shared_from_this()](Error error, std::size_t) {
      if (error) return;
      if (self->response_.keep_alive()) {
        self->read();
      } else {
        self->stream_.socket().shutdown(tcp::socket::shutdown_send, error);
      }
    });
  }

  beast::tcp_stream stream_;
  Impl& server_;
  beast::flat_buffer buffer_{kHeaderBytesMax + kBodyBytesMax};
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  asio::steady_timer timer_{stream_.get_executor()};
  bool metrics_ = false, close_ = false;
};

void HttpServer::Impl::accept() {
  acceptor.async_accept([this](Error error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (error) {  // Out of descriptors, most likely: not again at once.
      retry.expires_after(std::chrono::milliseconds{100});
      retry.async_wait([this](Error stopped) {
        if (!stopped) accept();
      });
      return;
    }
    if (sessions < kSessionsMax) std::make_shared<Session>(std::move(socket), *this)->read();
    accept();
  });
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() {
  impl_->context.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

Result<std::unique_ptr<HttpServer>, std::string> HttpServer::bind(const SocketAddress& address) {
  auto impl = std::make_unique<Impl>();
  Error error;
  const tcp::endpoint endpoint(asio::ip::make_address(address.host(), error), address.port());
  if (!error) impl->acceptor.open(endpoint.protocol(), error);
  if (!error) impl->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) impl->acceptor.bind(endpoint, error);
  if (error) return fmt::format("cannot listen on {}: {}", address.to_string(), error.message());
  impl->address = SocketAddress::of_socket(impl->acceptor.native_handle());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

Result<void, std::string> HttpServer::start(Ask ask) {
  Error error;
  impl_->acceptor.listen(static_cast<int>(kSessionsMax), error);
  if (error) {
    return fmt::format("cannot listen on {}: {}", impl_->address.to_string(), error.message());
  }
  impl_->ask = std::move(ask);
  impl_->accept();
  impl_->thread = std::thread([impl = impl_.get()] {
    ::pthread_setname_np(::pthread_self(), "http");
    impl->context.run();
  });
  return {};
}

const SocketAddress& HttpServer::address() const {
  return impl_->address;
}

void HttpServer::answer(std::uint64_t request, ServerSnapshot snapshot) {
  asio::post(impl_->context, [impl = impl_.get(), request, snapshot = std::move(snapshot)] {
    const auto found = impl->waiting.find(request);
    if (found == impl->waiting.end()) return;  // It came too late.
    const std::shared_ptr<Session> session = std::move(found->second);
    impl->waiting.erase(found);
    session->answered(snapshot);
  });
}

}  // namespace claims::server
