"""The URLs of the service, in the form moto reads them."""

from harness.drs.moto_adapter.models import DrsResponse

url_bases = [r"https?://drs\.(.+)\.amazonaws\.com"]

url_paths = {
    "{0}/(?P<operation>[A-Za-z]+)$": DrsResponse.dispatch,
    "{0}/tags/(?P<resource_arn>.+)$": DrsResponse.dispatch,
}
